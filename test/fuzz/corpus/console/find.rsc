:local x [find where name~"^(a|b)+[[:alpha:]]{2,3}$" && expires-after<1w2d];
:put (("a" . $x) + 5 * -3 = true)
