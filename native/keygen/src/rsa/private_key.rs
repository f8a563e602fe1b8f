use std::fmt;

use crypto_bigint::{BoxedUint, Resize};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::data_conversion::octets;
use super::factor::Factor;
use super::pkcs1_encryption::{self, RejectionKey};
use super::{Error, PublicKey, SignatureScheme, pkcs1_signature};
use crate::arith::integer::{self as arith, Residue, Secret};

/// An RSA private key of two primes, wiped when dropped.
///
/// Its time and the addresses it uses depend on the key's lengths alone, not on its numbers.
pub struct PrivateKey {
    pub(super) public: PublicKey,
    pub(super) p: Factor,
    pub(super) q: Factor,
    pub(super) q_inverse: Secret,
    pub(super) rejection: RejectionKey,
}

impl PrivateKey {
    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a message, which is hashed here.
    ///
    /// # Errors
    /// [`Error::KeyTooShort`] for the scheme, or [`Error::Fault`] instead of a signature that is wrong.
    pub fn sign(&self, scheme: &SignatureScheme, message: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, Error> {
        let digest = scheme.hash().digest(&[message]);
        let encoded = match scheme {
            SignatureScheme::Pkcs1v15(hash) => pkcs1_signature::encode(*hash, &digest, self.public.size())?,
            SignatureScheme::Pss(parameters) => parameters.encode(&digest, self.public.bits(), rng)?,
        };
        let encoded = self.public.encoded(&encoded);
        let signature = self.raise(&encoded, rng)?;
        Ok(octets(&signature, self.public.size()).to_vec())
    }

    /// RSAES-PKCS1-v1_5 with implicit rejection (RFC 8017 7.2.2, draft-irtf-cfrg-rsa-guidance): a ciphertext with wrong padding has no
    /// error but another message, the same each time, that only who has the key can tell from a true one. Check what comes out.
    ///
    /// # Errors
    /// [`Error::CiphertextLength`] and [`Error::CiphertextRange`], which anybody can see, or [`Error::Fault`].
    pub fn decrypt(&self, ciphertext: &[u8], rng: &mut impl CryptoRng) -> Result<Zeroizing<Vec<u8>>, Error> {
        let size = self.public.size();
        if ciphertext.len() != size {
            return Err(Error::CiphertextLength { expected: size, found: ciphertext.len() });
        }
        let representative = self.public.representative(ciphertext).ok_or(Error::CiphertextRange)?;
        let decrypted = self.raise(&representative, rng)?;
        Ok(pkcs1_encryption::decode(&octets(&decrypted, size), &self.rejection.replacement(ciphertext)))
    }

    /// RSADP and RSASP1 (RFC 8017 5.1.2, 5.2.1).
    fn raise(&self, input: &BoxedUint, rng: &mut impl CryptoRng) -> Result<Secret, Error> {
        self.raise_by(Factor::raise, input, rng)
    }

    /// The private operation with the powers modulo p and q by `power`. They are of `input * r^e` for a new random r, so that their
    /// time and power consumption can't be set against a known input (Kocher, 1996). The result is verified, because a single wrong
    /// power would tell a factor of n: gcd(n, result^e - input) (A. Lenstra, 1996).
    fn raise_by(
        &self,
        power: impl Fn(&Factor, &BoxedUint) -> Result<Secret, Error>,
        input: &BoxedUint,
        rng: &mut impl CryptoRng,
    ) -> Result<Secret, Error> {
        let input = self.public.modulus().residue(input);
        let blinding = Blinding::new(&self.public, rng);
        let blinded = input.times(&blinding.factor).value();
        let [of_p, of_q] = [power(&self.p, &blinded)?, power(&self.q, &blinded)?];
        let power = self.combine(&of_p, &of_q);
        let output = power.times(&input).times(&blinding.remedy);
        if self.public.raise(&output).equals(&input) { Ok(output.value()) } else { Err(Error::Fault) }
    }

    /// Garner's formula: the residue modulo n that is `s_p` modulo p and `s_q` modulo q.
    fn combine(&self, s_p: &BoxedUint, s_q: &BoxedUint) -> Residue {
        let h = self.p.scaled_difference(s_p, s_q, &self.q_inverse);
        let multiple = arith::product(&h, &self.q.prime);
        let sum = Secret::new(multiple.wrapping_add(s_q));
        self.public.modulus().residue(&Secret::new((&*sum).resize_unchecked(self.public.n().bits_precision())))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A blinding that needs no inverse: `(x r^e)^(d - 1) = x^(d - 1) r^(1 - e)`, since `r^(e d) = r`; times `x r^(e - 1)` that is `x^d`.
struct Blinding {
    /// `r^e`
    factor: Residue,
    /// `r^(e - 1)`
    remedy: Residue,
}

impl Blinding {
    fn new(public: &PublicKey, rng: &mut impl CryptoRng) -> Self {
        let r = random_residue(public, rng);
        let remedy = public.power(&r, public.e() - 1);
        Self { factor: remedy.times(&r), remedy }
    }
}

/// Uniform modulo n.
fn random_residue(public: &PublicKey, rng: &mut impl CryptoRng) -> Residue {
    let n = public.n();
    loop {
        let number = Secret::new(arith::random(n.bits_precision(), rng).shr(n.leading_zeros()));
        if arith::less(&number, n) {
            return public.modulus().residue(&number);
        }
    }
}

#[cfg(test)]
mod tests;
