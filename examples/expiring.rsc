# What ends within four weeks, and what has ended: for a scheduler or a monitoring system.
:foreach id in=[/certificate/find where expires-after<4w] do={
  :put ([/certificate/get $id name] . " ends in " . [/certificate/get $id expires-after])
}
:foreach id in=[/certificate/find where expired] do={ :put ([/certificate/get $id name] . " has ended") }
