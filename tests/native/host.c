/* Runs a module that wasm2c made C of, natively, under AddressSanitizer: prints what a case prints,
   and by how many objects it grows.

   Arguments: names of cases. Each gets "= name", its lines, and "= growth N" or "= trap WHY". */

#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "wasm-rt-impl.h"

#define CONTEXT 1
#define STACK_SIZE (1ul << 30)

typedef struct Z_env_instance_t {
    Z_module_instance_t *module;
    const char *configuration;
    int is_quiet;
} Host;

typedef struct Arguments {
    int count;
    char **names;
} Arguments;

static void *at(Host *host, u32 address) {
    return Z_moduleZ_memory(host->module)->data + address;
}

static void store(Host *host, u32 address, u32 value) { memcpy(at(host, address), &value, 4); }

u32 Z_envZ_proxy_log(Host *host, u32 level, u32 text, u32 size) {
    (void)level;
    if (!host->is_quiet) {
        fwrite(at(host, text), 1, size, stdout);
        putchar('\n');
    }
    return 0;
}

u32 Z_envZ_proxy_get_buffer_bytes(Host *host, u32 kind, u32 start, u32 size, u32 data, u32 length) {
    (void)kind, (void)start, (void)size;
    u32 count = (u32)strlen(host->configuration);
    u32 block = Z_moduleZ_malloc(host->module, count);
    memcpy(at(host, block), host->configuration, count);
    store(host, data, block);
    store(host, length, count);
    return 0;
}

u32 Z_envZ_mixer2_forbid(Host *host, u32 start, u32 size) {
    ASAN_POISON_MEMORY_REGION(at(host, start), size);
    return 0;
}

u32 Z_envZ_mixer2_allow(Host *host, u32 start, u32 size) {
    ASAN_UNPOISON_MEMORY_REGION(at(host, start), size);
    return 0;
}

static void run(Host *host, const char *name) {
    host->configuration = name;
    Z_moduleZ_proxy_on_configure(host->module, CONTEXT, (u32)strlen(name));
}

static void run_case(const char *name) {
    Z_module_instance_t module;
    Host host = {.module = &module};
    printf("= %s\n", name);
    wasm_rt_trap_t trap = wasm_rt_impl_try();
    if (trap) {
        printf("= trap %s\n", wasm_rt_strerror(trap));
        return;
    }
    Z_module_instantiate(&module, &host);
    Z_moduleZ__initialize(&module);
    Z_moduleZ_proxy_on_context_create(&module, CONTEXT, 0);
    run(&host, name);
    host.is_quiet = 1;
    run(&host, name);
    u32 before = Z_moduleZ_live_objects(&module);
    run(&host, name);
    printf("= growth %d\n", (int)(Z_moduleZ_live_objects(&module) - before));
    wasm_rt_memory_t *memory = Z_moduleZ_memory(&module);
    ASAN_UNPOISON_MEMORY_REGION(memory->data, memory->size);
    Z_module_free(&module);
}

static void *run_all(void *given) {
    const Arguments *arguments = given;
    for (int i = 1; i < arguments->count; i++) run_case(arguments->names[i]);
    return NULL;
}

/* In a thread with a stack that the deepest recursion of a case does not fill. */
int main(int count, char **names) {
    Arguments arguments = {count, names};
    pthread_attr_t attributes;
    pthread_t thread;
    wasm_rt_init();
    Z_module_init_module();
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (pthread_create(&thread, &attributes, run_all, &arguments)) return EXIT_FAILURE;
    pthread_join(thread, NULL);
    return EXIT_SUCCESS;
}
