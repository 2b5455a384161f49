/* What the load generator and the upstream share. */

#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stddef.h>
#include <stdint.h>

/* A connection's bytes that were received and not yet used. */
typedef struct {
    char data[16384];
    size_t size;
} Buffer;

/* CLOCK_MONOTONIC, nanoseconds: Python's time.monotonic_ns() reads the same clock. */
int64_t now_ns(void);

/* CPU time of this process, nanoseconds. */
int64_t own_cpu_ns(void);

/* CPU time of all threads of a process, nanoseconds; exact while they sleep. */
int64_t process_cpu_ns(int pid);

/* Says why on standard error, and ends the program with 1. */
_Noreturn void fail(const char *format, ...);

/* A TCP socket of 127.0.0.1: connected, or listening on a free port when `port` is 0. */
int connect_to(int port);
int listen_on(int *port);
void without_delay(int socket);

/* Receives what is there; 0 when the peer closed the connection. */
int receive(int socket, Buffer *buffer);
void send_all(int socket, const char *data, size_t size);

/* Takes one HTTP/1.1 message with its body out of the buffer.
   Returns its status code (0 of a request), or -1 when it is not complete. */
int take_message(Buffer *buffer);

#endif
