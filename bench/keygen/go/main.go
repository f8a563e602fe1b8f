// Command keygen measures Go: `keygen keys BITS COUNT` by crypto/rsa, one line of JSON a key with the CPU seconds of the process, garbage
// collection among them; `keygen modexp PRIME-BITS COUNT` by math/big, the mean of so many modular exponentiations.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log"
	"math/big"
	"os"
	"strconv"
	"syscall"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("expected keys|modexp BITS COUNT")
	}
	bits, count := number(os.Args[2]), number(os.Args[3])
	var work func()
	switch os.Args[1] {
	case "keys":
		work = func() {
			if _, err := rsa.GenerateKey(rand.Reader, bits); err != nil {
				log.Fatal(err)
			}
		}
	case "modexp":
		modulus := random(bits)
		modulus.SetBit(modulus, bits-1, 1).SetBit(modulus, 0, 1)
		base := random(bits - 1)
		work = func() { new(big.Int).Exp(base, modulus, modulus) }
	default:
		log.Fatalf("%s: expected keys or modexp", os.Args[1])
	}
	if os.Args[1] == "modexp" {
		timed(count, work)
		return
	}
	for range count {
		timed(1, work)
	}
}

func timed(times int, work func()) {
	start := cpu()
	for range times {
		work()
	}
	fmt.Printf("{\"cpu\":%g}\n", (cpu()-start)/float64(times))
}

func number(word string) int {
	value, err := strconv.Atoi(word)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func random(bits int) *big.Int {
	value, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func cpu() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}
