// Variables in a source's path and value files: {{environment}}, {{cluster.name}}, {{cluster.labels.KEY}}.

/** What a variable may stand for. A slot without clusters has an environment only. */
export interface TemplateInputs {
  readonly environment: string;
  readonly cluster?: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

type Variable =
  | { readonly kind: 'ENVIRONMENT' }
  | { readonly kind: 'CLUSTER_NAME' }
  | { readonly kind: 'CLUSTER_LABEL'; readonly key: string };

type Part = string | Variable;

/** A parsed text; texts and variables in order. */
export interface SourceTemplate {
  readonly parts: readonly Part[];
  /** Whether it differs from cluster to cluster. */
  readonly usesCluster: boolean;
}

/** Either the text for these inputs, or the label that the cluster lacks. */
export type Resolution = { readonly text: string } | { readonly missingLabel: string } | 'NEEDS_CLUSTER';

/** The template, or sentences that name each variable that does not exist. */
export function parseTemplate(text: string): SourceTemplate | { readonly problems: readonly string[] } {
  const pieces = text.split(/(\{\{[^{}]*\}\})/);
  const problems: string[] = [];
  const parts = pieces.map((piece, index): Part => {
    if (index % 2 === 0) {
      if (/[{}]/.test(piece)) problems.push(`"${text}" has a brace that belongs to no variable.`);
      return piece;
    }
    const name = piece.slice(2, -2).trim();
    const variable = variableNamed(name);
    if (!variable) problems.push(unknownVariable(text, name));
    return variable ?? piece;
  });
  if (problems.length > 0) return { problems };
  const usesCluster = parts.some((part) => typeof part !== 'string' && part.kind !== 'ENVIRONMENT');
  return { parts, usesCluster };
}

/** Puts the values in. Label values hold no slash, so none of them leads to another folder. */
export function resolveTemplate(template: SourceTemplate, inputs: TemplateInputs): Resolution {
  if (template.usesCluster && !inputs.cluster) return 'NEEDS_CLUSTER';
  let text = '';
  for (const part of template.parts) {
    const value = typeof part === 'string' ? part : valueOf(part, inputs);
    if (value === undefined)
      return { missingLabel: typeof part !== 'string' && 'key' in part ? part.key : '' };
    text += value;
  }
  return { text };
}

function variableNamed(name: string): Variable | undefined {
  if (name === 'environment') return { kind: 'ENVIRONMENT' };
  if (name === 'cluster.name') return { kind: 'CLUSTER_NAME' };
  const key = /^cluster\.labels\.([A-Za-z0-9][-A-Za-z0-9_./]*)$/.exec(name)?.[1];
  return key === undefined ? undefined : { kind: 'CLUSTER_LABEL', key };
}

function valueOf(variable: Variable, { environment, cluster }: TemplateInputs): string | undefined {
  switch (variable.kind) {
    case 'ENVIRONMENT':
      return environment;
    case 'CLUSTER_NAME':
      return cluster?.name;
    case 'CLUSTER_LABEL':
      return cluster && Object.hasOwn(cluster.labels, variable.key)
        ? cluster.labels[variable.key]
        : undefined;
  }
}

const unknownVariable = (text: string, name: string) =>
  `"${text}" uses {{${name}}}; there are {{environment}}, {{cluster.name}} and {{cluster.labels.KEY}}.`;
