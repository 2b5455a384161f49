// Takes spans as a Zipkin does, reads them with openzipkin's own model, and prints what it read.
// What the model refuses is answered with 400.
//
// Prints its port first, and serves until its standard input ends.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"receiver/model"
)

func take(answer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	var spans []model.SpanModel
	if err == nil {
		err = json.Unmarshal(body, &spans)
	}
	if err != nil || request.Method != http.MethodPost || request.URL.Path != "/api/v2/spans" {
		http.Error(answer, fmt.Sprint("no spans: ", err), http.StatusBadRequest)
		fmt.Fprintln(os.Stderr, err)
		return
	}
	for _, span := range spans {
		read, err := json.Marshal(span)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(read))
	}
	answer.WriteHeader(http.StatusAccepted)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	panic(http.Serve(listener, http.HandlerFunc(take)))
}
