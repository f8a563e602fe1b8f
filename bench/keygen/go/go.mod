module signet.bench/keygen

go 1.26.4
