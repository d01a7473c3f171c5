/** The robot's client certificate and key, as the configuration names them (mutual TLS). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigError } from '../../hal/common/config-file.ts';
import { messageOf } from '../../hal/common/errors.ts';
import { readTextFile } from '../../hal/common/text-file.ts';
import type { ClientIdentity } from './broker-stream.ts';

interface Files {
  readonly brokerCert?: string | undefined;
  readonly brokerKey?: string | undefined;
}

/**
 * Undefined when neither file is configured. Throws ConfigError when one is missing or unreadable,
 * or the key is of another certificate: without it every connection would be refused by the broker,
 * and nothing would say why.
 */
export function readClientIdentity({ brokerCert, brokerKey }: Files): ClientIdentity | undefined {
  if (brokerCert === undefined && brokerKey === undefined) return undefined;
  if (brokerKey === undefined)
    throw new ConfigError('brokerKey', 'expected the file of the key, as brokerCert is given');
  if (brokerCert === undefined)
    throw new ConfigError('brokerCert', 'expected the certificate’s file, as brokerKey is given');
  const cert = read('brokerCert', brokerCert, 'certificate');
  const key = read('brokerKey', brokerKey, 'private key');
  const certificate = parsed('brokerCert', brokerCert, () => new X509Certificate(cert));
  const privateKey = parsed('brokerKey', brokerKey, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new ConfigError(
      'brokerKey',
      `the key at ${brokerKey} is not the one of the certificate at ${brokerCert}; ` +
        'install the fleet’s answer to this robot’s own request',
    );
  return { cert, key };
}

function read(field: string, path: string, what: string): string {
  return parsed(field, path, () => readTextFile(path), `expected a PEM file with a ${what}`);
}

/** What went wrong is in the error; a key is never. */
function parsed<T>(field: string, path: string, parse: () => T, expected = 'expected PEM'): T {
  try {
    return parse();
  } catch (error) {
    throw new ConfigError(field, `${expected} at ${path}: ${messageOf(error)}`);
  }
}
