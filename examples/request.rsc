# A request to be signed elsewhere: makes certificate-request.pem and certificate-request_key.pem in /file. Bring the answer back into
# /file and import it, then the key:
#   /certificate/import file-name=answer.crt name=public passphrase=""
#   /certificate/import file-name=certificate-request_key.pem passphrase=0123456789
/certificate
add name=public common-name=www.example.com subject-alt-name=DNS:www.example.com,DNS:example.com key-size=2048 key-usage=digital-signature,key-encipherment,tls-server
create-certificate-request public key-passphrase=0123456789 challenge-passphrase=""
/file print where name~"certificate-request"
