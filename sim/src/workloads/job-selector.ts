// The selector of a new Job, apart from its controller because the write path needs it and controllers write.
import { objectOf } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';

/** What the API server writes into every new Job: a selector that can only be its own. */
export function giveSelector(job: KubeObject): void {
  const spec = objectOf(job['spec']);
  if (spec['manualSelector'] === true) return;
  const uid = 'batch.kubernetes.io/controller-uid';
  const { name } = job.metadata;
  // The labels without a prefix are older; the API server still writes both.
  const labels = {
    [uid]: job.metadata.uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': job.metadata.uid,
    'job-name': name,
  };
  job.metadata['labels'] = { ...objectOf(job.metadata['labels']), ...labels };
  const template = objectOf(spec['template']);
  const metadata = objectOf(template['metadata']);
  template['metadata'] = { ...metadata, labels: { ...objectOf(metadata['labels']), ...labels } };
  spec['selector'] = { matchLabels: { [uid]: job.metadata.uid } };
}
