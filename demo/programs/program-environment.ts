// The small environment that the demo's programs are given.

const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'FAIRLEAD_LOG_LEVEL',
  'FAIRLEAD_HELM',
  'FAIRLEAD_KUSTOMIZE',
];

/** What any program needs of the machine, and `own`. Settings that the person has for a hub of their own stay out. */
export function programEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  return { ...chosen((name) => PASSED_ON.includes(name)), ...own };
}

/**
 * The whole environment but our own settings, and `own`: the logins of a person's kubeconfig are programs of
 * any kind, which look for anything there.
 */
export function loginEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  return { ...chosen((name) => PASSED_ON.includes(name) || !name.startsWith('FAIRLEAD_')), ...own };
}

function chosen(wanted: (name: string) => boolean): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0]),
  );
  return Object.fromEntries(entries);
}
