import { berToDer } from '../../../src/der/ber.ts';
import { DerReader } from '../../../src/der/reader.ts';
import { isStringTag } from '../../../src/der/strings.ts';
import { tags } from '../../../src/der/tags.ts';
import { bitString, boolean, enumerated, integer, nullValue, octetString, oid, tagged } from '../../../src/der/writer.ts';
import { decoded, expectSame } from '../refusal.ts';

/** Reads one value of whatever type and writes it again. */
function rewrite(r: DerReader): Uint8Array {
  const tag = r.peekTag();
  switch (tag) {
    case tags.boolean:
      return boolean(r.boolean());
    case tags.integer:
      return integer(r.integer());
    case tags.enumerated:
      return enumerated(r.enumerated(0xffff));
    case tags.bitString: {
      const { bytes, unusedBits } = r.bitString();
      return bitString(bytes, unusedBits);
    }
    case tags.octetString:
      return octetString(r.octetString());
    case tags.null:
      r.null();
      return nullValue;
    case tags.oid:
      return oid(r.oid());
    case tags.sequence:
      return tagged(tag, ...r.sequence(rewriteAll));
    case tags.set:
      return tagged(tag, ...r.set(rewriteAll));
    case tags.utcTime:
    case tags.generalizedTime:
      return r.withDer((value) => value.time()).der;
    case undefined:
      return r.any();
    default:
      if (isStringTag(tag)) return r.withDer((value) => value.string()).der;
      return (tag & 0xe0) === 0xa0 ? tagged(tag, ...r.explicit(tag & 0x1f, rewriteAll)) : r.any();
  }
}

function rewriteAll(r: DerReader): Uint8Array[] {
  const values: Uint8Array[] = [];
  while (!r.atEnd) values.push(rewrite(r));
  return values;
}

/** What the reader accepts is the one encoding that the writer makes; BER that becomes DER is DER. */
export function fuzz(data: Uint8Array): void {
  decoded(() => {
    const reader = DerReader.of(data);
    const written = rewrite(reader);
    reader.end();
    expectSame('written again', written, data);
  });
  const der = decoded(() => berToDer(data));
  if (der !== undefined) expectSame('DER of DER', berToDer(der), der);
}
