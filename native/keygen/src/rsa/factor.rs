use crypto_bigint::BoxedUint;

use super::error::Error;
use crate::arith;
use crate::arith::integer::{self, Secret};

/// A prime factor of a modulus with its share of the private exponent (RFC 8017 3.2): p and dP - 1, or q and dQ - 1, of one precision.
pub struct Factor {
    pub prime: Secret,
    pub exponent_less_one: Secret,
}

impl Factor {
    /// `base^(d - 1) mod prime`, in a time that depends on lengths alone.
    ///
    /// # Errors
    /// [`Error::Fault`] on a machine that no kernel gives the right answers on.
    pub fn raise(&self, base: &BoxedUint) -> Result<Secret, Error> {
        let base = integer::remainder(base, &self.prime);
        let bits = self.prime.bit_width();
        let [prime, base, exponent] = [&self.prime, &base, &self.exponent_less_one].map(|number| integer::to_words(number, bits));
        let mut batch = arith::one_lane(bits).map_err(|_| Error::Fault)?;
        let powers = batch.pow(&[&prime], &[&base], &[&exponent], &|| false).expect("nobody stops it");
        Ok(integer::from_words(&powers[0]))
    }

    /// `(a - b) * factor mod prime`, for a and factor below the prime.
    pub fn scaled_difference(&self, a: &BoxedUint, b: &BoxedUint, factor: &BoxedUint) -> Secret {
        let prime = self.prime.as_nz_vartime().expect("a prime");
        let difference = Secret::new(a.sub_mod(&integer::remainder(b, &self.prime), prime));
        integer::remainder(&integer::product(&difference, factor), &self.prime)
    }
}
