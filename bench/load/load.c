/* Closed-loop HTTP/1.1 load on 127.0.0.1, in slices, with the CPU time that each cost the proxy.

       load PORT REQUEST STATUS first MILLISECONDS
           sends the request again and again until the answer has the status code, and prints when
           that was (CLOCK_MONOTONIC, nanoseconds); fails when it has not come in time

       load PORT REQUEST STATUS slices PID[,PID...] CONNECTIONSxMILLISECONDS...
           one slice after the other, and a line of JSON for each

   REQUEST is a file with the bytes of a request. Any other status than STATUS is a failure; 0 takes all.

   Each connection has one request under way. A slice ends with every answer received and the
   proxy asleep, so its requests and its CPU time belong together exactly.
*/

#define _GNU_SOURCE
#include "common.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 256, MOST_PROCESSES = 4 };

static const int64_t MS = 1000000;
/* After its last answer the proxy still has to log and to free. */
static const useconds_t SETTLE_US = 3000;
static const int ANSWER_WITHIN_MS = 5000;

typedef struct {
    Buffer received;
    int64_t sent_ns;
} Connection;

static int port, status;
static char request[8192];
static size_t request_size;

static Connection connections[MOST_CONNECTIONS];
static struct pollfd polled[MOST_CONNECTIONS];
static int opened;

static int pids[MOST_PROCESSES];
static int pid_count;

static int64_t *latencies;
static size_t latency_count, latency_room;

static void read_request(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("%s: %s", path, strerror(errno));
    request_size = fread(request, 1, sizeof request, file);
    fclose(file);
    if (!request_size || request_size == sizeof request) fail("%s: empty or too long", path);
}

static void open_connections(int count) {
    if (count < 1 || count > MOST_CONNECTIONS) fail("1 to %d connections", MOST_CONNECTIONS);
    for (; opened < count; opened++) {
        int connection = connect_to(port);
        if (connection < 0) fail("cannot connect to port %d: %s", port, strerror(errno));
        polled[opened] = (struct pollfd){.fd = connection, .events = POLLIN};
    }
}

static void send_request(int index) {
    connections[index].sent_ns = now_ns();
    send_all(polled[index].fd, request, request_size);
}

static void note_latency(int64_t latency) {
    if (latency_count == latency_room) {
        latency_room = latency_room ? 2 * latency_room : 65536;
        latencies = realloc(latencies, latency_room * sizeof *latencies);
        if (!latencies) fail("out of memory");
    }
    latencies[latency_count++] = latency;
}

/* Receives; true when the connection's answer is complete. */
static int answered(int index) {
    Connection *connection = &connections[index];
    if (!receive(polled[index].fd, &connection->received)) fail("the proxy closed a connection");
    int got = take_message(&connection->received);
    if (got < 0) return 0;
    if (status && got != status) fail("expected status %d, got %d", status, got);
    return 1;
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static double quantile_us(double share) {
    size_t index = (size_t)(share * (double)latency_count);
    if (index >= latency_count) index = latency_count - 1;
    return (double)latencies[index] / 1e3;
}

static void run_slice(int count, int64_t duration_ns) {
    int64_t cpu[MOST_PROCESSES];
    open_connections(count);
    latency_count = 0;
    for (int i = 0; i < pid_count; i++) cpu[i] = process_cpu_ns(pids[i]);
    int64_t own_cpu = own_cpu_ns(), began = now_ns(), end = began + duration_ns, last = began;
    for (int i = 0; i < count; i++) send_request(i);
    for (int under_way = count; under_way;) {
        int ready = poll(polled, (nfds_t)count, ANSWER_WITHIN_MS);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) fail("no answer within %d ms", ANSWER_WITHIN_MS);
        for (int i = 0; i < count; i++) {
            if (!polled[i].revents || !answered(i)) continue;
            last = now_ns();
            note_latency(last - connections[i].sent_ns);
            if (last < end) {
                send_request(i);
            } else {
                under_way--;
            }
        }
    }
    own_cpu = own_cpu_ns() - own_cpu;
    usleep(SETTLE_US);
    qsort(latencies, latency_count, sizeof *latencies, ascending);
    printf("{\"connections\": %d, \"requests\": %zu, \"seconds\": %.6f, ", count, latency_count,
           (double)(last - began) / 1e9);
    printf("\"p50_us\": %.1f, \"p99_us\": %.1f, \"load_cpu_us\": %.1f, \"cpu_us\": [",
           quantile_us(0.50), quantile_us(0.99), (double)own_cpu / 1e3);
    for (int i = 0; i < pid_count; i++) {
        printf("%s%.1f", i ? ", " : "", (double)(process_cpu_ns(pids[i]) - cpu[i]) / 1e3);
    }
    printf("]}\n");
    fflush(stdout);
}

static void run_slices(char *watched, int slice_count, char **slices) {
    for (char *rest = watched, *pid; (pid = strsep(&rest, ","));) {
        if (pid_count == MOST_PROCESSES) fail("at most %d processes", MOST_PROCESSES);
        pids[pid_count++] = atoi(pid);
    }
    for (int i = 0; i < slice_count; i++) {
        int count, milliseconds;
        if (sscanf(slices[i], "%dx%d", &count, &milliseconds) != 2) {
            fail("%s: expected CONNECTIONSxMILLISECONDS", slices[i]);
        }
        run_slice(count, milliseconds * MS);
    }
}

static void run_first(int64_t patience_ns) {
    static Buffer received;
    int64_t deadline = now_ns() + patience_ns;
    int got = 0;
    while (now_ns() < deadline) {
        int connection = connect_to(port);
        if (connection >= 0) {
            struct pollfd waiting = {.fd = connection, .events = POLLIN};
            received.size = 0;
            send_all(connection, request, request_size);
            got = -1;
            while (got < 0 && poll(&waiting, 1, ANSWER_WITHIN_MS) > 0 &&
                   receive(connection, &received)) {
                got = take_message(&received);
            }
            close(connection);
            if (got == status) {
                printf("%lld\n", (long long)now_ns());
                return;
            }
        }
        usleep(500);
    }
    fail("no answer %d on port %d in time; the last one was %d", status, port, got);
}

int main(int count, char **arguments) {
    if (count < 6) fail("usage: load PORT REQUEST STATUS first|slices ...");
    port = atoi(arguments[1]);
    read_request(arguments[2]);
    status = atoi(arguments[3]);
    if (!strcmp(arguments[4], "first")) {
        run_first(atoll(arguments[5]) * MS);
    } else if (!strcmp(arguments[4], "slices") && count > 6) {
        run_slices(arguments[5], count - 6, arguments + 6);
    } else {
        fail("usage: load PORT REQUEST STATUS first|slices ...");
    }
    return 0;
}
