/** Log lines for people far away: our log holds no secrets, and this removes what might be one. */

const JOSE =
  /\b[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?(?=$|[^A-Za-z0-9_.-])/g;
const NAMED =
  /("(?:[a-z]*(?:secret|password|passphrase|credential|token|private|sealed)[a-z]*)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const IN_LINK = /([#&?](?:s|secret|key|token)=)[^&\s"]+/gi;
/** 128 bits or more in base64url, as secrets and keys are. Names of devices too. */
const RANDOM =
  /(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{22,}(?![A-Za-z0-9_-])/g;
const PEM = /-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|$)/gs;

export function redact(line: string): string {
  return line
    .replace(PEM, '[pem]')
    .replace(NAMED, '$1"[redacted]"')
    .replace(IN_LINK, '$1[redacted]')
    .replace(JOSE, (found) => (found.length >= 40 ? '[token]' : found))
    .replace(RANDOM, '[random]');
}

/** The newest lines, redacted, that fit; oldest first. */
export function recentText(lines: readonly string[], maxBytes: number): string {
  let text = '';
  for (const line of [...lines].reverse()) {
    const next = `${redact(line)}\n${text}`;
    if (Buffer.byteLength(next) > maxBytes) break;
    text = next;
  }
  return text;
}
