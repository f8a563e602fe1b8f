"""Answers questions about X.509 with pyca cryptography: one JSON question a line in, one JSON answer a line out. Its callers are in pyca.ts."""

import base64
import datetime
import ipaddress
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def b64(data):
    return base64.b64encode(data).decode()


def passphrase(asked):
    text = asked.get("passphrase")
    return None if text is None else text.encode()


def describe(public):
    if isinstance(public, rsa.RSAPublicKey):
        return f"RSA-{public.key_size}"
    if isinstance(public, ec.EllipticCurvePublicKey):
        return public.curve.name
    return type(public).__name__


def key_info(public):
    return {"publicKey": describe(public), "publicKeyInfo": b64(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))}


def extensions(extensible):
    """Reading .value is what makes pyca parse an extension."""
    return [{"oid": e.oid.dotted_string, "critical": e.critical, "kind": type(e.value).__name__} for e in extensible.extensions]


def read_certificate(asked):
    c = x509.load_der_x509_certificate(base64.b64decode(asked["der"]))
    return {
        "subject": c.subject.rfc4514_string(),
        "issuer": c.issuer.rfc4514_string(),
        "serial": f"{c.serial_number:x}",
        "notBefore": int(c.not_valid_before_utc.timestamp()),
        "notAfter": int(c.not_valid_after_utc.timestamp()),
        "signatureAlgorithm": c.signature_algorithm_oid.dotted_string,
        "extensions": extensions(c),
        **key_info(c.public_key()),
    }


def read_request(asked):
    r = x509.load_der_x509_csr(base64.b64decode(asked["der"]))
    if not r.is_signature_valid:
        raise ValueError("bad signature")
    return {
        "subject": r.subject.rfc4514_string(),
        "signatureAlgorithm": r.signature_algorithm_oid.dotted_string,
        "extensions": extensions(r),
        "attributes": [a.oid.dotted_string for a in r.attributes],
        **key_info(r.public_key()),
    }


def read_crl(asked):
    crl = x509.load_der_x509_crl(base64.b64decode(asked["der"]))
    if "issuer" in asked:
        issuer = x509.load_der_x509_certificate(base64.b64decode(asked["issuer"]))
        if not crl.is_signature_valid(issuer.public_key()):
            raise ValueError("bad signature")
    return {
        "issuer": crl.issuer.rfc4514_string(),
        "thisUpdate": int(crl.last_update_utc.timestamp()),
        "nextUpdate": int(crl.next_update_utc.timestamp()) if crl.next_update_utc else None,
        "extensions": extensions(crl),
        "revoked": [{"serial": f"{r.serial_number:x}", "time": int(r.revocation_date_utc.timestamp())} for r in crl],
    }


def read_key(asked):
    data = base64.b64decode(asked["der"])
    load = serialization.load_pem_private_key if data.startswith(b"-----") else serialization.load_der_private_key
    return key_info(load(data, passphrase(asked)).public_key())


def read_pkcs12(asked):
    p = pkcs12.load_pkcs12(base64.b64decode(asked["der"]), passphrase(asked))

    def entry(c):
        name = c.friendly_name
        return {"der": b64(c.certificate.public_bytes(Encoding.DER)), "name": None if name is None else name.decode()}

    return {
        "key": key_info(p.key.public_key()) if p.key else None,
        "certificate": entry(p.cert) if p.cert else None,
        "others": [entry(c) for c in p.additional_certs],
    }


CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}

ENCRYPTIONS = {
    "none": lambda _: serialization.NoEncryption(),
    "best": serialization.BestAvailableEncryption,
    "aes-256": lambda p: serialization.PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(20000)
    .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
    .hmac_hash(hashes.SHA512())
    .build(p),
    "3des": lambda p: serialization.PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(2048)
    .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    .hmac_hash(hashes.SHA1())
    .build(p),
}


def generate(algorithm):
    if algorithm.startswith("RSA-"):
        return rsa.generate_private_key(65537, int(algorithm[4:]))
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm]())
    return ed25519.Ed25519PrivateKey.generate()


def make(asked):
    """A key in every form, a request, a self-signed certificate, a CRL and PKCS#12 files, of one new key."""
    algorithm, secret = asked["algorithm"], asked["passphrase"].encode()
    key = generate(algorithm)
    digest = None if algorithm == "Ed25519" else hashes.SHA256()
    plain = serialization.NoEncryption()
    best = serialization.BestAvailableEncryption(secret)

    def private(form, protection, encoding=Encoding.DER):
        return b64(key.private_bytes(encoding, form, protection))

    made = {
        "pkcs8": private(serialization.PrivateFormat.PKCS8, plain),
        "pkcs8Encrypted": private(serialization.PrivateFormat.PKCS8, best),
        "publicKeyInfo": key_info(key.public_key())["publicKeyInfo"],
    }
    if algorithm != "Ed25519":
        made["traditional"] = private(serialization.PrivateFormat.TraditionalOpenSSL, plain)
        made["traditionalEncryptedPem"] = private(serialization.PrivateFormat.TraditionalOpenSSL, best, Encoding.PEM)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "LV"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Ozols & Bērzs"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"pyca maker {algorithm}"),
        ]
    )
    alternative = x509.SubjectAlternativeName(
        [
            x509.DNSName("pyca.example"),
            x509.RFC822Name("ca@pyca.example"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.9")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::9")),
            x509.UniformResourceIdentifier("urn:example:pyca"),
        ]
    )
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    request = x509.CertificateSigningRequestBuilder().subject_name(name).add_extension(alternative, False).add_extension(usage, True)
    if asked.get("challenge"):
        request = request.add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, asked["challenge"].encode())
    made["request"] = b64(request.sign(key, digest).public_bytes(Encoding.DER))
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(0x1002)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=20000))
        .add_extension(x509.BasicConstraints(True, 0), True)
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        .add_extension(alternative, False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        .sign(key, digest)
    )
    made["certificate"] = b64(certificate.public_bytes(Encoding.DER))
    entry = x509.RevokedCertificateBuilder().serial_number(0x2002).revocation_date(now).build()
    crl = x509.CertificateRevocationListBuilder().issuer_name(name).last_update(now).next_update(now + datetime.timedelta(days=7))
    crl = crl.add_extension(x509.CRLNumber(7), False).add_revoked_certificate(entry).sign(key, digest)
    made["crl"] = b64(crl.public_bytes(Encoding.DER))
    for label, protect in ENCRYPTIONS.items():
        made[f"pkcs12 {label}"] = b64(pkcs12.serialize_key_and_certificates("pyca".encode(), key, certificate, None, protect(secret)))
    return made


ANSWERS = {"certificate": read_certificate, "request": read_request, "crl": read_crl, "key": read_key, "pkcs12": read_pkcs12, "make": make}

for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = ANSWERS[question["ask"]](question)
    except Exception as error:  # whatever pyca raises is its answer
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
