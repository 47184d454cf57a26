// What the person is told when the story is over and everything goes on running.
import path from 'node:path';
import type { Stage } from './story/stage.ts';

/** Addresses, the token, where things are, and what to try. Printed to the person alone, never to a log of CI. */
export function closingWords({ api, clusters, repository, folder }: Stage, token: string): string {
  const prod = clusters.find(({ environment }) => environment === 'prod');
  const kubectl = `kubectl --kubeconfig ${shown(prod?.kubeconfigPath ?? folder.clusters)}${contextWord(prod?.context)}`;
  const contexts = clusters.flatMap(({ context }) => context ?? []);
  return `
  Hub          ${api.url}
  GraphiQL     ${api.url}/graphql   with the header {"authorization": "Bearer ${token}"}
  Token        ${token}
  Kubeconfigs  ${[...new Set(clusters.map(({ kubeconfigPath }) => shown(kubeconfigPath)))].join('  ')}
  Repository   ${shown(repository.folder)}
  Logs         ${shown(folder.logs)}

  Try this in another terminal:

    # Somebody at night, in prod: it is healed before you can look.
    ${kubectl} --namespace shop scale deployment shop --replicas 1
    ${kubectl} --namespace shop get deployment shop --watch

    # Edit a file below ${shown(repository.folder)}/apps/shop, then ship it: it is a release within seconds.
    git -C ${shown(repository.folder)} commit --all --message "My change"

    # What runs where, and is it well?
    curl --silent ${api.url}/graphql --header 'authorization: Bearer ${token}' --header 'content-type: application/json' \\
      --data '{"query":"{ instances { edges { node { cluster { name } observedRelease { number } sync health explanation } } } }"}'
${contexts.length === 0 ? '' : farewell(contexts)}
  Ctrl-C stops everything; the next start goes on from here.
`;
}

/** As short as it can be typed from here. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative || '.';
}

const contextWord = (context: string | undefined) => (context === undefined ? '' : ` --context ${context}`);

const farewell = (contexts: readonly string[]) => `
    # Afterwards, to leave nothing of the demo in your own clusters:
${contexts.map((context) => `    kubectl --context ${context} delete namespace shop fairlead-demo`).join('\n')}
`;
