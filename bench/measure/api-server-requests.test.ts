import { expect, it } from 'vitest';
import { countRequests } from './api-server-requests.ts';

const METRICS = `# TYPE apiserver_request_total counter
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="APPLY",version="v1"} 40
apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="secrets",scope="resource",subresource="",verb="POST",version="v1"} 2
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="secrets",scope="cluster",subresource="",verb="LIST",version="v1"} 3
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="endpoints",scope="resource",subresource="",verb="PUT",version="v1"} 9
apiserver_request_duration_seconds_count{resource="secrets",verb="POST"} 7
`;

it('requests are counted by what they do, and only for the asked resources', () => {
  expect(countRequests(METRICS, new Set(['configmaps', 'secrets']))).toEqual({ reads: 3, writes: 42 });
});
