import { defineModule } from '../../model/module.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { contentArgs, decideContent, parseContent, probeContent } from './content/content.ts';
import type { ContentState } from './content/content.ts';

export default defineModule<typeof contentArgs, ContentState | Trouble>({
  name: 'docker_secret',
  summary: 'Manage a secret of a Docker swarm',
  notes: [
    'Run it on a manager. The content goes to Docker on stdin.',
    'Docker changes no secret: another content makes it anew, which Docker refuses while a service uses it. Give a new one another name then.',
  ],
  examples: `
- docker_secret: {name: shop_secret, data: '{{ shop_secret }}'}
`,
  returns: { secret_id: "Docker's id of it.", secret_name: 'Its name, with a version where that rolls.' },
  args: contentArgs,
  resource: ({ name }) => `docker_secret:${name}`,
  probeMayFail: true,
  probe: ({ name }) => probeContent('secret', name),
  parse: parseContent,
  decide: reaching(
    () => ({}),
    (args, state) => decideContent('secret', args, state),
  ),
  secrets: ({ data }) => (data === undefined ? [] : [data]),
  traits: { effects: 'cluster' },
});
