// A self-signed certificate for 127.0.0.1, written in DER by hand, because Node can sign but not make certificates.
// kubectl sends no token to a plain http server, so without one people could not use kubectl here.
import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BOOLEAN = 0x01;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';

const DAY_MS = 86_400_000;
const VALID_DAYS = 3_650;

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const size = Buffer.from(content.length.toString(16).padStart(4, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

const oid = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const bits = (content: Buffer): Buffer => der(BIT_STRING, Buffer.from([0]), content);
const time = (at: number): Buffer =>
  der(UTC_TIME, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
const named = (name: string): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(name)))));

const extension = (id: string, ...content: Buffer[]): Buffer =>
  der(SEQUENCE, oid(id), der(OCTET_STRING, der(SEQUENCE, ...content)));

/** Names in a subjectAltName: 2 marks a DNS name, 7 an address. */
const dnsName = (name: string): Buffer => der(0x82, Buffer.from(name));
const ipv4 = (...parts: number[]): Buffer => der(0x87, Buffer.from(parts));

/** A new key and a certificate that is its own authority, for `localhost` and 127.0.0.1. */
export function selfSignedCertificate(name: string): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256));
  const now = Date.now();
  const extensions = der(
    SEQUENCE,
    extension(BASIC_CONSTRAINTS, der(BOOLEAN, Buffer.from([0xff]))),
    extension(SUBJECT_ALT_NAME, dnsName('localhost'), ipv4(127, 0, 0, 1)),
  );
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    // The leading byte keeps the serial number positive and free of padding.
    der(INTEGER, Buffer.from([1]), randomBytes(15)),
    algorithm,
    named(name),
    der(SEQUENCE, time(now - DAY_MS), time(now + VALID_DAYS * DAY_MS)),
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const certificate = der(SEQUENCE, body, algorithm, bits(sign('sha256', body, privateKey)));
  return {
    certPem: pem(certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
