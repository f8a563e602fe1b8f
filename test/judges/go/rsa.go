package main

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

type privateKeyInfo struct {
	Version    int
	Algorithm  pkix.AlgorithmIdentifier
	PrivateKey []byte
}

// rsaPrivateKey is RFC 8017's, read as it stands: crypto/x509 would compute some of its numbers again.
type rsaPrivateKey struct {
	Version                     int
	N, E, D, P, Q, DP, DQ, QInv *big.Int
}

type findings struct {
	Findings []string `json:"findings"`
}

var one = big.NewInt(1)

// checkRSA finds what FIPS 186-5 A.1.1 and SP 800-56B 6.4.1.2 ask for and an RSA key (PKCS#8) has not.
func checkRSA(asked question) (any, error) {
	var info privateKeyInfo
	var key rsaPrivateKey
	if rest, err := asn1.Unmarshal(asked.DER, &info); err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("not PKCS#8"), err)
	}
	if rest, err := asn1.Unmarshal(info.PrivateKey, &key); err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("not an RSAPrivateKey"), err)
	}
	found := findings{[]string{}}
	demand := func(holds bool, format string, values ...any) {
		if !holds {
			found.Findings = append(found.Findings, fmt.Sprintf(format, values...))
		}
	}
	bits := key.N.BitLen()
	demand(bits%128 == 0, "the modulus has %d bits", bits)
	demand(key.E.Cmp(big.NewInt(65537)) == 0, "the exponent is %v", key.E)
	demand(key.N.Cmp(new(big.Int).Mul(key.P, key.Q)) == 0, "n is not p q")
	demand(key.P.Cmp(key.Q) > 0, "p is not greater than q")
	for name, prime := range map[string]*big.Int{"p": key.P, "q": key.Q} {
		// 20 rounds of Miller-Rabin with random bases, then Baillie-PSW.
		demand(prime.ProbablyPrime(20), "%s is composite", name)
		demand(prime.BitLen() == bits/2, "%s has %d bits", name, prime.BitLen())
		// sqrt(2) 2^(k-1) or more: its square has 2 k bits.
		demand(new(big.Int).Mul(prime, prime).BitLen() == bits, "%s is too small", name)
		less := new(big.Int).Sub(prime, one)
		demand(new(big.Int).GCD(nil, nil, less, key.E).Cmp(one) == 0, "%s - 1 has a factor of the exponent", name)
	}
	difference := new(big.Int).Sub(key.P, key.Q)
	demand(difference.CmpAbs(new(big.Int).Lsh(one, uint(bits/2-100))) > 0, "p and q are too close")
	pLess, qLess := new(big.Int).Sub(key.P, one), new(big.Int).Sub(key.Q, one)
	demand(key.D.CmpAbs(new(big.Int).Lsh(one, uint(bits/2))) > 0, "d is too small")
	lcm := new(big.Int).Div(new(big.Int).Mul(pLess, qLess), new(big.Int).GCD(nil, nil, pLess, qLess))
	demand(key.D.Cmp(lcm) < 0, "d is not less than lcm(p - 1, q - 1)")
	product := new(big.Int).Mul(key.D, key.E)
	demand(product.Mod(product, lcm).Cmp(one) == 0, "d is not the inverse of e")
	demand(key.DP.Cmp(new(big.Int).Mod(key.D, pLess)) == 0, "dP is not d mod p - 1")
	demand(key.DQ.Cmp(new(big.Int).Mod(key.D, qLess)) == 0, "dQ is not d mod q - 1")
	inverse := new(big.Int).ModInverse(key.Q, key.P)
	demand(inverse != nil && key.QInv.Cmp(inverse) == 0, "qInv is not the inverse of q")
	return found, nil
}
