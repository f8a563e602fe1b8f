/certificate add name=ca common-name="Example CA" key-size=prime256v1 key-usage=key-cert-sign,crl-sign days-valid=3650
sign ca ca-crl-host=10.1.1.1 name=ca
