// Judge answers questions about X.509 with Go's crypto/x509 and with zlint: one JSON question a line on standard input,
// one JSON answer a line on standard output. Its callers are in ../go.ts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// question names what is asked in Ask; the other fields are what that question needs.
type question struct {
	Ask           string   `json:"ask"`
	DER           []byte   `json:"der"`
	Algorithm     string   `json:"algorithm"`
	Roots         [][]byte `json:"roots"`
	Intermediates [][]byte `json:"intermediates"`
	Issuer        []byte   `json:"issuer"`
	Time          int64    `json:"time"`
	DNSName       string   `json:"dnsName"`
	Sources       []string `json:"sources"`
}

var answers = map[string]func(question) (any, error){
	"certificate": readCertificate,
	"request":     readRequest,
	"crl":         readCRL,
	"key":         readKey,
	"verify":      verify,
	"lint":        lintCertificate,
	"rsa":         checkRSA,
	"makeKey":     makeKey,
	"make":        makeDocuments,
}

type refusal struct {
	Error string `json:"error"`
}

func answer(line []byte) (result any) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return refusal{err.Error()}
	}
	handler, known := answers[asked.Ask]
	if !known {
		return refusal{fmt.Sprintf("no such question: %q", asked.Ask)}
	}
	// A judge that panics has not read the document, which is an answer too.
	defer func() {
		if cause := recover(); cause != nil {
			result = refusal{fmt.Sprintf("panic: %v", cause)}
		}
	}()
	found, err := handler(asked)
	if err != nil {
		return refusal{err.Error()}
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 256<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		if err := encoder.Encode(answer(lines.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := out.Flush(); err != nil {
		os.Exit(1)
	}
}
