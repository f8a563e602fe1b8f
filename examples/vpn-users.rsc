# Client certificates for VPN users, from one template, each exported as PKCS#12 with its chain. Needs a CA called "intermediate", as
# private-ca.rsc makes it. Change the passphrase.
/certificate
add name=vpn-user common-name=vpn-user organization=Example country=LV key-size=prime256v1 key-usage=digital-signature,tls-client days-valid=365
:foreach user in={"ann";"bob";"eve"} do={
  add name=$user copy-from=vpn-user common-name="$user@example.com" subject-alt-name="email:$user@example.com"
  sign $user ca=intermediate
  export-certificate $user type=pkcs12 file-name="vpn/$user" export-passphrase="change-me-$user"
}
remove vpn-user
print where issued
