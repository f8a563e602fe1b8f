/** What a member of a group may do, in the order in which `/user/group print` shows it. */
export const policies = [
  'local',
  'telnet',
  'ssh',
  'ftp',
  'reboot',
  'read',
  'write',
  'policy',
  'test',
  'winbox',
  'password',
  'web',
  'sniff',
  'sensitive',
  'api',
  'romon',
  'rest-api',
] as const;

export type Policy = (typeof policies)[number];

export function isPolicy(text: string): text is Policy {
  return policies.some((policy) => policy === text);
}

/** The groups of a new router, which can be neither removed nor renamed. */
export const builtInGroups: Readonly<Record<string, readonly Policy[]>> = {
  read: policies.filter((policy) => !['ftp', 'write', 'policy'].includes(policy)),
  write: policies.filter((policy) => !['ftp', 'policy'].includes(policy)),
  full: policies,
};
