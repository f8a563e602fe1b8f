/** The generator of RSA keys in steps, which @types/node-forge does not describe. */
declare module 'node-forge/lib/rsa.js' {
  interface BigInteger {
    toString(radix: 16): string;
  }

  interface RsaPrivateKey {
    readonly n: BigInteger;
    readonly e: BigInteger;
    readonly d: BigInteger;
    readonly p: BigInteger;
    readonly q: BigInteger;
    readonly dP: BigInteger;
    readonly dQ: BigInteger;
    readonly qInv: BigInteger;
  }

  interface KeyPairGenerationState {
    /** The first prime, once it is found. */
    readonly p: BigInteger | null;
    readonly keys: { readonly privateKey: RsaPrivateKey } | null;
  }

  const rsa: {
    createKeyPairGenerationState(
      bits: number,
      e: number,
      options: { readonly prng: { getBytesSync(length: number): string } },
    ): KeyPairGenerationState;
    /** Works for about so many milliseconds; true when the keys are there. */
    stepKeyPairGenerationState(state: KeyPairGenerationState, milliseconds: number): boolean;
  };
  export default rsa;
}
