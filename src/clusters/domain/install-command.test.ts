import { expect, it } from 'vitest';
import { installCommand } from './install-command.ts';

const hubUrl = 'https://hub.example.com';
const token = 'fl_join_abc-DEF_123';

it('is the line that the documentation promises', () => {
  expect(installCommand({ hubUrl, token, clusterName: 'edge-1' })).toBe(
    'helm install fairlead-agent helm/agent --namespace fairlead-agent --create-namespace ' +
      '--set hub.url=https://hub.example.com --set join.token=fl_join_abc-DEF_123',
  );
});

it('leaves a place for the name where the token holds a pattern', () => {
  const command = installCommand({ hubUrl, token, clusterName: 'edge-*' });
  expect(command).toMatch(/ --set clusterName=CLUSTER-NAME$/);
});

it.each([
  ['http://hub.example.com:8080', true],
  ['http://127.0.0.1:8080', false],
  ['http://[::1]:8080', false],
  ['https://hub.example.com', false],
])('allows plain HTTP only where somebody could listen: %s', (url, insecure) => {
  const command = installCommand({ hubUrl: url, token, clusterName: 'edge-1' });
  expect(command.includes('--set hub.insecure=true')).toBe(insecure);
});

it('is safe to paste, whatever the address holds', () => {
  const command = installCommand({ hubUrl: "https://h/a,b;$(rm)'", token, clusterName: 'edge-1' });
  expect(command).toContain(String.raw`--set 'hub.url=https://h/a\,b;$(rm)'\'''`);
});
