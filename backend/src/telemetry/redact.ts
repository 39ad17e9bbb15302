// The last guard before a line leaves: what looks like a credential is masked, whoever let it through. Values that we sent
// or read are masked where the error is made (http/mask.ts), as only there they are known.

const credentials = [
  // Authorization headers in any wording.
  /\b(?:Basic|Bearer)\s+[\w+/=.~-]{8,}/gi,
  // JSON Web Tokens.
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  // Atlassian API tokens.
  /\bAT[AC]TT[\w=-]{16,}/g,
  // Azure DevOps PATs: 52 characters of base32, or 84 with the signature AZDO.
  /\b[a-z2-7]{52}\b/g,
  /\b[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{4}\b/g,
  // User and password within a URL.
  /(?<=:\/\/)[^\s/@]+@/g,
] as const;

export const redactTokens = (text: string): string =>
  credentials.reduce((result, pattern) => result.replace(pattern, '***'), text);
