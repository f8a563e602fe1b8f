import { describe, expect, test } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import {
  extendedKeyUsageOids,
  keyUsageBits,
  keyUsages,
  keyUsagesOfBits,
  keyUsagesOfOids,
  sortKeyUsages,
} from '../../src/x509/key-usage.ts';

describe("RouterOS' words for key usages", () => {
  test('the first nine are the bits of keyUsage in their order (RFC 5280 4.2.1.3)', () => {
    expect(keyUsageBits(keyUsages)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(keyUsageBits(['crl-sign', 'tls-server', 'key-cert-sign', 'crl-sign'])).toEqual([5, 6]);
  });

  test('the others are extended key usages', () => {
    expect(extendedKeyUsageOids(keyUsages)).toEqual([
      oids.serverAuth,
      oids.clientAuth,
      oids.codeSigning,
      oids.emailProtection,
      oids.timeStamping,
      oids.ocspSigning,
      oids.dvcs,
    ]);
  });

  test('both ways', () => {
    const { usages, unknown } = keyUsagesOfOids(extendedKeyUsageOids(keyUsages));
    expect([...keyUsagesOfBits(keyUsageBits(keyUsages)), ...usages]).toEqual(keyUsages);
    expect(unknown).toEqual([]);
  });

  test('are kept in their own order, each once', () => {
    expect(sortKeyUsages(['dvcs', 'tls-client', 'digital-signature', 'dvcs'])).toEqual(['digital-signature', 'tls-client', 'dvcs']);
  });

  test('what has no word is kept as it is', () => {
    expect(keyUsagesOfOids(['1.2.3', oids.clientAuth, oids.anyExtendedKeyUsage])).toEqual({
      usages: ['tls-client'],
      unknown: ['1.2.3', oids.anyExtendedKeyUsage],
    });
    expect(keyUsagesOfBits([0, 9, 31])).toEqual(['digital-signature']);
  });
});
