package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func generate(algorithm string) (crypto.Signer, error) {
	if bits, ok := strings.CutPrefix(algorithm, "RSA-"); ok {
		size, err := strconv.Atoi(bits)
		if err != nil {
			return nil, err
		}
		return rsa.GenerateKey(rand.Reader, size)
	}
	switch algorithm {
	case "P-256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "P-384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "P-521":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "Ed25519":
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	}
	return nil, fmt.Errorf("unknown algorithm %q", algorithm)
}

// encodeKey answers a private key in every form that Go writes for its kind.
func encodeKey(private crypto.Signer) (map[string][]byte, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	info, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return nil, err
	}
	forms := map[string][]byte{"pkcs8": pkcs8, "publicKeyInfo": info}
	switch private := private.(type) {
	case *rsa.PrivateKey:
		forms["pkcs1"] = x509.MarshalPKCS1PrivateKey(private)
	case *ecdsa.PrivateKey:
		if forms["sec1"], err = x509.MarshalECPrivateKey(private); err != nil {
			return nil, err
		}
	}
	return forms, nil
}

func makeKey(asked question) (any, error) {
	private, err := generate(asked.Algorithm)
	if err != nil {
		return nil, err
	}
	return encodeKey(private)
}

// makeDocuments makes, with a new key, a certification request, a self-signed CA with every extension Go writes, and a CRL of it.
func makeDocuments(asked question) (any, error) {
	private, err := generate(asked.Algorithm)
	if err != nil {
		return nil, err
	}
	made, err := encodeKey(private)
	if err != nil {
		return nil, err
	}
	name := pkix.Name{Country: []string{"LV"}, Organization: []string{"Acme, Inc."}, CommonName: "Go maker " + asked.Algorithm}
	ips := []net.IP{net.ParseIP("192.0.2.1"), net.ParseIP("2001:db8::1")}
	uri := &url.URL{Scheme: "urn", Opaque: "example:go"}
	made["request"], err = x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: name, DNSNames: []string{"go.example"}, EmailAddresses: []string{"ca@go.example"}, IPAddresses: ips, URIs: []*url.URL{uri},
	}, private)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := x509.Certificate{
		SerialNumber: big.NewInt(0x1001), Subject: name, NotBefore: now, NotAfter: now.AddDate(40, 0, 0),
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IsCA:        true, BasicConstraintsValid: true, MaxPathLen: 1,
		DNSNames: []string{"go.example"}, EmailAddresses: []string{"ca@go.example"}, IPAddresses: ips, URIs: []*url.URL{uri},
		CRLDistributionPoints: []string{"http://go.example/1.crl"}, OCSPServer: []string{"http://go.example/ocsp"},
		IssuingCertificateURL: []string{"http://go.example/ca.der"}, PermittedDNSDomainsCritical: true,
		PermittedDNSDomains: []string{"go.example"},
	}
	if made["certificate"], err = x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private); err != nil {
		return nil, err
	}
	issuer, err := x509.ParseCertificate(made["certificate"])
	if err != nil {
		return nil, err
	}
	made["crl"], err = x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(7), ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 7),
		RevokedCertificateEntries: []x509.RevocationListEntry{
			{SerialNumber: big.NewInt(0x2002), RevocationTime: now, ReasonCode: 1},
			{SerialNumber: big.NewInt(0x2003), RevocationTime: now},
		},
	}, issuer, private)
	if err != nil {
		return nil, err
	}
	return made, nil
}
