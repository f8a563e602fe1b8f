/*
 * What OpenSSL does when it generates an RSA key, for counting its instructions:
 *
 *   work test BITS COUNT    so many rounds of its primality test on a composite of so many bits
 *   work modexp BITS COUNT  the modular exponentiation of such a round alone
 *   work key BITS COUNT     whole keys
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

/* The test of ossl_bn_check_generated_prime, behind trial division (crypto/bn/bn_prime.c); internal, and exported by the static library. */
int ossl_bn_miller_rabin_is_prime(const BIGNUM *w, int iterations, BN_CTX *ctx, BN_GENCB *cb, int enhanced, int *status);

static void check(int ok)
{
    if (!ok) {
        fprintf(stderr, "OpenSSL failed\n");
        exit(1);
    }
}

/*
 * 3 modulo 4, as half of all candidates, always the same, and composite (a test of it ends after one round, as nearly all of a search do).
 * The flag is what RSA key generation sets on its primes: exponentiation modulo them is then in constant time.
 */
static BIGNUM *candidate(int bits)
{
    unsigned char bytes[1024];
    unsigned state = 1;
    for (int i = 0; i < bits / 8; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = state >> 24;
    }
    bytes[0] |= 0xc0;
    bytes[bits / 8 - 1] |= 3;
    BIGNUM *number = BN_bin2bn(bytes, bits / 8, NULL);
    check(number != NULL);
    BN_set_flags(number, BN_FLG_CONSTTIME);
    return number;
}

static void tests(int bits, int count)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *w = candidate(bits);
    for (int i = 0; i < count; i++) {
        int status;
        check(ossl_bn_miller_rabin_is_prime(w, 1, ctx, NULL, 0, &status));
        check(status == 0 /* BN_PRIMETEST_COMPOSITE */);
    }
}

static void modexps(int bits, int count)
{
    BN_CTX *ctx = BN_CTX_new();
    BN_MONT_CTX *mont = BN_MONT_CTX_new();
    BIGNUM *w = candidate(bits), *base = BN_dup(w), *exponent = BN_dup(w), *power = BN_new();
    check(BN_rshift(base, w, 2) && BN_rshift1(exponent, w) && BN_MONT_CTX_set(mont, w, ctx));
    for (int i = 0; i < count; i++)
        check(BN_mod_exp_mont(power, base, exponent, w, ctx, mont));
}

static void keys(int bits, int count)
{
    for (int i = 0; i < count; i++) {
        EVP_PKEY *key = EVP_RSA_gen(bits);
        check(key != NULL);
        EVP_PKEY_free(key);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(int bits, int count);
    } kinds[] = {{"test", tests}, {"modexp", modexps}, {"key", keys}};
    if (argc == 4)
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strcmp(argv[1], kinds[i].name) == 0) {
                kinds[i].run(atoi(argv[2]), atoi(argv[3]));
                return 0;
            }
    fprintf(stderr, "work test|modexp|key BITS COUNT\n");
    return 2;
}
