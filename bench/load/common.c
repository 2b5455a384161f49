#define _GNU_SOURCE
#include "common.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

int64_t own_cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

int64_t process_cpu_ns(int pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks) fail("process %d is not there: %s", pid, strerror(errno));
    int64_t total = 0;
    for (struct dirent *task; (task = readdir(tasks));) {
        if (!isdigit((unsigned char)task->d_name[0])) continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", pid, task->d_name);
        FILE *file = fopen(path, "r");
        if (!file) continue; /* the thread ended just now */
        long long spent;
        if (fscanf(file, "%lld", &spent) == 1) total += spent;
        fclose(file);
    }
    closedir(tasks);
    return total;
}

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

void without_delay(int socket) {
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
}

int connect_to(int port) {
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) fail("no socket: %s", strerror(errno));
    struct sockaddr_in address = loopback(port);
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) {
        close(connection);
        return -1;
    }
    without_delay(connection);
    return connection;
}

int listen_on(int *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(*port);
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) ||
        listen(listener, 128) || getsockname(listener, (struct sockaddr *)&address, &size)) {
        fail("cannot listen on 127.0.0.1:%d: %s", *port, strerror(errno));
    }
    *port = ntohs(address.sin_port);
    return listener;
}

int receive(int socket, Buffer *buffer) {
    size_t room = sizeof buffer->data - buffer->size;
    if (!room) fail("a message has more than %zu bytes", sizeof buffer->data);
    ssize_t size = recv(socket, buffer->data + buffer->size, room, 0);
    if (size < 0 && errno == EINTR) return 1;
    if (size <= 0) return 0;
    buffer->size += (size_t)size;
    return 1;
}

void send_all(int socket, const char *data, size_t size) {
    while (size) {
        ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) fail("cannot send: %s", strerror(errno));
        data += sent;
        size -= (size_t)sent;
    }
}

static size_t content_length(const char *head, const char *end) {
    static const char name[] = "\r\ncontent-length:";
    for (const char *at = head; at + sizeof name < end; at++) {
        if (strncasecmp(at, name, sizeof name - 1)) continue;
        return strtoul(at + sizeof name - 1, NULL, 10);
    }
    return 0;
}

int take_message(Buffer *buffer) {
    char *end = memmem(buffer->data, buffer->size, "\r\n\r\n", 4);
    if (!end) return -1;
    end += 4;
    if (memmem(buffer->data, (size_t)(end - buffer->data), "chunked", 7)) {
        fail("a chunked message; only those with a content-length are understood");
    }
    size_t size = (size_t)(end - buffer->data) + content_length(buffer->data, end);
    if (buffer->size < size) return -1;
    int status = strncmp(buffer->data, "HTTP/1.", 7) ? 0 : atoi(buffer->data + 9);
    buffer->size -= size;
    memmove(buffer->data, buffer->data + size, buffer->size);
    return status;
}
