package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

type certificate struct {
	Subject               string   `json:"subject"`
	Issuer                string   `json:"issuer"`
	Serial                string   `json:"serial"`
	NotBefore             int64    `json:"notBefore"`
	NotAfter              int64    `json:"notAfter"`
	SignatureAlgorithm    string   `json:"signatureAlgorithm"`
	PublicKey             string   `json:"publicKey"`
	PublicKeyInfo         []byte   `json:"publicKeyInfo"`
	KeyUsage              int      `json:"keyUsage"`
	ExtendedKeyUsage      []string `json:"extendedKeyUsage"`
	BasicConstraints      bool     `json:"basicConstraints"`
	IsCA                  bool     `json:"isCA"`
	PathLength            int      `json:"pathLength"`
	SubjectKeyID          string   `json:"subjectKeyId"`
	AuthorityKeyID        string   `json:"authorityKeyId"`
	DNSNames              []string `json:"dnsNames"`
	EmailAddresses        []string `json:"emailAddresses"`
	IPAddresses           []string `json:"ipAddresses"`
	URIs                  []string `json:"uris"`
	CRLDistributionPoints []string `json:"crlDistributionPoints"`
	OCSPServers           []string `json:"ocspServers"`
	CAIssuers             []string `json:"caIssuers"`
	UnknownCritical       []string `json:"unknownCritical"`
}

func texts[T fmt.Stringer](values []T) []string {
	list := []string{}
	for _, value := range values {
		list = append(list, value.String())
	}
	return list
}

func list(values []string) []string {
	return append([]string{}, values...)
}

func describeKey(key any) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return key.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return fmt.Sprintf("%T", key)
}

func readCertificate(asked question) (any, error) {
	c, err := x509.ParseCertificate(asked.DER)
	if err != nil {
		return nil, err
	}
	// -1 is Go's word for "no path length".
	pathLength := c.MaxPathLen
	if !c.BasicConstraintsValid || !c.IsCA {
		pathLength = -1
	}
	usages := []string{}
	for _, usage := range c.ExtKeyUsage {
		usages = append(usages, usage.OID().String())
	}
	for _, oid := range c.UnknownExtKeyUsage {
		usages = append(usages, oid.String())
	}
	unknown := []string{}
	for _, oid := range c.UnhandledCriticalExtensions {
		unknown = append(unknown, oid.String())
	}
	return certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: hex.EncodeToString(c.SerialNumber.Bytes()),
		NotBefore: c.NotBefore.Unix(), NotAfter: c.NotAfter.Unix(),
		SignatureAlgorithm: c.SignatureAlgorithm.String(), PublicKey: describeKey(c.PublicKey), PublicKeyInfo: c.RawSubjectPublicKeyInfo,
		KeyUsage: int(c.KeyUsage), ExtendedKeyUsage: usages,
		BasicConstraints: c.BasicConstraintsValid, IsCA: c.IsCA, PathLength: pathLength,
		SubjectKeyID: hex.EncodeToString(c.SubjectKeyId), AuthorityKeyID: hex.EncodeToString(c.AuthorityKeyId),
		DNSNames: list(c.DNSNames), EmailAddresses: list(c.EmailAddresses), IPAddresses: texts(c.IPAddresses), URIs: texts(c.URIs),
		CRLDistributionPoints: list(c.CRLDistributionPoints), OCSPServers: list(c.OCSPServer), CAIssuers: list(c.IssuingCertificateURL),
		UnknownCritical: unknown,
	}, nil
}

type request struct {
	Subject            string   `json:"subject"`
	SignatureAlgorithm string   `json:"signatureAlgorithm"`
	PublicKey          string   `json:"publicKey"`
	PublicKeyInfo      []byte   `json:"publicKeyInfo"`
	Extensions         []string `json:"extensions"`
	DNSNames           []string `json:"dnsNames"`
	EmailAddresses     []string `json:"emailAddresses"`
	IPAddresses        []string `json:"ipAddresses"`
	URIs               []string `json:"uris"`
}

// readRequest also checks the request's own signature.
func readRequest(asked question) (any, error) {
	r, err := x509.ParseCertificateRequest(asked.DER)
	if err != nil {
		return nil, err
	}
	if err := r.CheckSignature(); err != nil {
		return nil, err
	}
	extensions := []string{}
	for _, extension := range r.Extensions {
		extensions = append(extensions, extension.Id.String())
	}
	return request{
		Subject: r.Subject.String(), SignatureAlgorithm: r.SignatureAlgorithm.String(), PublicKey: describeKey(r.PublicKey),
		PublicKeyInfo: r.RawSubjectPublicKeyInfo, Extensions: extensions,
		DNSNames: list(r.DNSNames), EmailAddresses: list(r.EmailAddresses), IPAddresses: texts(r.IPAddresses), URIs: texts(r.URIs),
	}, nil
}

type revoked struct {
	Serial string `json:"serial"`
	Time   int64  `json:"time"`
	Reason int    `json:"reason"`
}

type crl struct {
	Issuer             string    `json:"issuer"`
	SignatureAlgorithm string    `json:"signatureAlgorithm"`
	Number             string    `json:"number"`
	ThisUpdate         int64     `json:"thisUpdate"`
	NextUpdate         int64     `json:"nextUpdate"`
	AuthorityKeyID     string    `json:"authorityKeyId"`
	Revoked            []revoked `json:"revoked"`
}

// readCRL checks the signature too when the question brings the issuer's certificate.
func readCRL(asked question) (any, error) {
	l, err := x509.ParseRevocationList(asked.DER)
	if err != nil {
		return nil, err
	}
	if len(asked.Issuer) > 0 {
		issuer, err := x509.ParseCertificate(asked.Issuer)
		if err != nil {
			return nil, err
		}
		if err := l.CheckSignatureFrom(issuer); err != nil {
			return nil, err
		}
	}
	number := ""
	if l.Number != nil {
		number = l.Number.String()
	}
	entries := []revoked{}
	for _, entry := range l.RevokedCertificateEntries {
		entries = append(entries, revoked{hex.EncodeToString(entry.SerialNumber.Bytes()), entry.RevocationTime.Unix(), entry.ReasonCode})
	}
	return crl{
		Issuer: l.Issuer.String(), SignatureAlgorithm: l.SignatureAlgorithm.String(), Number: number,
		ThisUpdate: l.ThisUpdate.Unix(), NextUpdate: l.NextUpdate.Unix(), AuthorityKeyID: hex.EncodeToString(l.AuthorityKeyId),
		Revoked: entries,
	}, nil
}

type key struct {
	Form          string `json:"form"`
	PublicKey     string `json:"publicKey"`
	PublicKeyInfo []byte `json:"publicKeyInfo"`
}

// readKey takes an unencrypted PKCS#8, PKCS#1 or SEC 1 private key.
func readKey(asked question) (any, error) {
	form, private, err := parseKey(asked.DER)
	if err != nil {
		return nil, err
	}
	if rsaKey, ok := private.(*rsa.PrivateKey); ok {
		if err := rsaKey.Validate(); err != nil {
			return nil, err
		}
	}
	public, err := publicOf(private)
	if err != nil {
		return nil, err
	}
	info, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	return key{form, describeKey(public), info}, nil
}

func parseKey(der []byte) (form string, private any, err error) {
	if private, err = x509.ParsePKCS8PrivateKey(der); err == nil {
		return "pkcs8", private, nil
	}
	if private, pkcs1 := x509.ParsePKCS1PrivateKey(der); pkcs1 == nil {
		return "pkcs1", private, nil
	}
	if private, sec1 := x509.ParseECPrivateKey(der); sec1 == nil {
		return "sec1", private, nil
	}
	return "", nil, err
}

func publicOf(private any) (any, error) {
	switch private := private.(type) {
	case *rsa.PrivateKey:
		return &private.PublicKey, nil
	case *ecdsa.PrivateKey:
		return &private.PublicKey, nil
	case ed25519.PrivateKey:
		return private.Public(), nil
	}
	return nil, errors.New("unknown kind of key")
}

func pool(certificates [][]byte) (*x509.CertPool, error) {
	p := x509.NewCertPool()
	for _, der := range certificates {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		p.AddCert(c)
	}
	return p, nil
}

// verify builds a path to one of the roots for any extended key usage; answers the lengths of the chains found.
func verify(asked question) (any, error) {
	leaf, err := x509.ParseCertificate(asked.DER)
	if err != nil {
		return nil, err
	}
	roots, err := pool(asked.Roots)
	if err != nil {
		return nil, err
	}
	intermediates, err := pool(asked.Intermediates)
	if err != nil {
		return nil, err
	}
	options := x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, DNSName: asked.DNSName,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	if asked.Time != 0 {
		options.CurrentTime = time.Unix(asked.Time, 0)
	}
	chains, err := leaf.Verify(options)
	if err != nil {
		return nil, err
	}
	lengths := []int{}
	for _, chain := range chains {
		lengths = append(lengths, len(chain))
	}
	return map[string][]int{"chains": lengths}, nil
}
