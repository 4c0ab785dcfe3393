import { DefaultRenderer, Listr, ListrDefaultRendererLogLevels as Level, ListrLogger, ProcessOutput } from 'listr2';
import type { ListrTaskWrapper } from 'listr2';
import type { Sink } from '../options.ts';
import { paint } from '../text/style.ts';
import type { Style } from '../text/style.ts';
import type { TaskView } from '../text/task-view.ts';

/** A terminal to draw on. */
export interface Screen extends Sink {
  columns?: number;
  rows?: number;
}

const FRAME_MS = 100;

/** listr2 asks `process.stdout` whether it is a terminal; here the caller has decided that. */
class ScreenRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

type Wrapper = ListrTaskWrapper<unknown, typeof ScreenRenderer, typeof ScreenRenderer>;

/**
 * Draws one task until `done` resolves, then leaves its headline standing. `below` are lines that move with it.
 * listr2 only draws: it neither schedules nor handles signals.
 */
export async function drawTask(
  view: TaskView,
  done: Promise<void>,
  below: () => string[],
  screen: Screen,
  pen: Style,
): Promise<void> {
  const list = new Listr(
    [
      {
        title: view.headline(pen, true),
        task: (_context: unknown, task: Wrapper) => animate(view, done, below, task, pen),
      },
    ],
    {
      renderer: ScreenRenderer,
      registerSignalListeners: false,
      exitOnError: false,
      rendererOptions: {
        formatOutput: 'truncate',
        logger: new ListrLogger({
          useIcons: true,
          processOutput: new ProcessOutput(stream(screen), stream(screen), { dump: [] }),
        }),
        color: {
          [Level.COMPLETED]: (text = '') => paint(pen, view.status, text),
          [Level.FAILED]: (text = '') => pen.red(text),
          [Level.PENDING]: (text = '') => pen.cyan(text),
        },
      },
    },
  );
  await list.run();
}

async function animate(
  view: TaskView,
  done: Promise<void>,
  below: () => string[],
  task: Wrapper,
  pen: Style,
): Promise<void> {
  const frame = () => (task.title = [view.headline(pen, true), ...view.runningLines(pen), ...below()].join('\n'));
  const timer = setInterval(frame, FRAME_MS);
  try {
    await done;
  } finally {
    clearInterval(timer);
  }
  // Makes listr2 put its cross where the tick would be; the error's message is the title.
  if (view.failed) throw new Error(view.headline(pen, false));
  task.title = view.headline(pen, false);
}

/** listr2 replaces `write` while it draws, so it gets a stand-in and the real stream keeps its own. */
function stream(screen: Screen): NodeJS.WriteStream {
  const standIn = {
    write: (text: string) => screen.write(text) !== false,
    columns: screen.columns ?? 80,
    rows: screen.rows ?? 24,
  };
  // It uses nothing else of a stream.
  return standIn as unknown as NodeJS.WriteStream;
}
