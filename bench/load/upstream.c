/* The service behind Envoy: answers every HTTP/1.1 request with 200, on keep-alive connections.

       upstream        prints the port of 127.0.0.1 that it took, and serves until its standard
                       input ends
*/

#define _GNU_SOURCE
#include "common.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT, LISTENER, FIRST_CONNECTION, MOST = 256 };

static const char answer[] =
    "HTTP/1.1 200 OK\r\n"
    "content-type: text/plain\r\n"
    "content-length: 5\r\n"
    "\r\n"
    "done\n";

int main(void) {
    static Buffer buffers[MOST];
    struct pollfd polled[MOST];
    int port = 0;
    nfds_t count = FIRST_CONNECTION;
    polled[INPUT] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    polled[LISTENER] = (struct pollfd){.fd = listen_on(&port), .events = POLLIN};
    printf("%d\n", port);
    fflush(stdout);

    while (poll(polled, count, -1) >= 0 && !polled[INPUT].revents) {
        for (nfds_t i = count; i-- > FIRST_CONNECTION;) {
            if (!polled[i].revents) continue;
            if (receive(polled[i].fd, &buffers[i])) {
                while (take_message(&buffers[i]) >= 0) {
                    send_all(polled[i].fd, answer, sizeof answer - 1);
                }
            } else {
                close(polled[i].fd);
                count--;
                polled[i] = polled[count];
                buffers[i] = buffers[count];
            }
        }
        if (polled[LISTENER].revents) {
            if (count == MOST) fail("more than %d connections", MOST - FIRST_CONNECTION);
            int connection = accept(polled[LISTENER].fd, NULL, NULL);
            if (connection < 0) continue;
            without_delay(connection);
            buffers[count].size = 0;
            polled[count++] = (struct pollfd){.fd = connection, .events = POLLIN};
        }
    }
    return 0;
}
