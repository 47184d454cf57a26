// Each rule of .dependency-cruiser.cjs fires on a tree made to break it, and none fires on a tree that keeps to them.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: ICruiseOptions;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));
const configuration = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as Configuration;
const rules = configuration.forbidden.map((rule) => rule.name);

/** Names of the rules that a tree breaks. */
async function brokenBy(tree: string): Promise<readonly string[]> {
  const baseDir = join(fixtures, tree);
  // The command line takes these two from the configuration; the function wants them apart.
  const { tsConfig: _unused, enhancedResolveOptions, ...options } = configuration.options;
  const folders = readdirSync(baseDir).filter((name) => name !== 'package.json');
  const ruleSet = { forbidden: configuration.forbidden } as IFlattenedRuleSet;
  const result = await cruise(
    folders,
    { ...options, baseDir, validate: true, ruleSet },
    enhancedResolveOptions,
  );
  const { summary } = result.output as ICruiseResult;
  return [...new Set(summary.violations.map((violation) => violation.rule.name))];
}

describe('the rules of the architecture', () => {
  it.each(rules)('%s fires on a tree that breaks it', async (rule) => {
    expect(existsSync(join(fixtures, rule)), `test/architecture/fixtures/${rule} breaks the rule`).toBe(true);
    expect(await brokenBy(rule)).toContain(rule);
  });

  it('leave a tree alone that keeps to them', async () => {
    expect(await brokenBy('allowed')).toEqual([]);
  });

  it('have no fixture without a rule', () => {
    expect(
      readdirSync(fixtures)
        .filter((name) => name !== 'allowed')
        .sort(),
    ).toEqual([...rules].sort());
  });
});
