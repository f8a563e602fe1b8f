# A private CA of two levels with a server: root (P-384, ten years), intermediate signed by it, a server certificate with every kind
# of alternative name. Run it on a new store:  npm --silent start -- run examples/private-ca.rsc
/certificate
add name=root common-name="Example Root" organization=Example country=LV key-size=secp384r1 key-usage=key-cert-sign,crl-sign days-valid=3650
sign root ca-crl-host=192.168.88.1
add name=intermediate common-name="Example Intermediate" organization=Example country=LV key-size=prime256v1 key-usage=key-cert-sign,crl-sign days-valid=1825
sign intermediate ca=root ca-crl-host=192.168.88.1
add name=www common-name=www.example.com subject-alt-name="DNS:www.example.com,DNS:*.example.com,IP:192.168.88.1,IP:2001:db8::1,email:admin@example.com" key-size=prime256v1 key-usage=digital-signature,tls-server
sign www ca=intermediate
export-certificate www type=pem-chain
print
