# comment
:global known {1;"b";c=3};
/certificate print detail where !(revoked or trusted=yes) proplist=name,\
  common-name
:if ($known->0 = 1) do={ :put "\$x \41 \r\n" } else={ /user print }
