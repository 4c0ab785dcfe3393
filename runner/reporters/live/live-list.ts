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

/** A task that is drawn. */
interface Drawn {
  view: TaskView;
  /** When it stands still. */
  done: Promise<void>;
  /** Lines that move with it. */
  below: () => string[];
  screen: Screen;
  pen: Style;
}

/** What listr2 puts before a line, and leaves free behind it. */
const MARGIN = 4;

/** Draws one task until it is done, then leaves its headline standing. listr2 only draws: it neither schedules nor handles signals. */
export async function drawTask(drawn: Drawn): Promise<void> {
  const { view, screen, pen } = drawn;
  const list = new Listr(
    [
      {
        title: headline(drawn, true),
        task: (_context: unknown, task: Wrapper) => animate(drawn, task),
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

async function animate(drawn: Drawn, task: Wrapper): Promise<void> {
  const { view, done, below, pen } = drawn;
  const frame = () => (task.title = [headline(drawn, true), ...view.runningLines(pen), ...below()].join('\n'));
  const timer = setInterval(frame, FRAME_MS);
  try {
    await done;
  } finally {
    clearInterval(timer);
  }
  // Makes listr2 put its cross where the tick would be; the error's message is the title.
  if (view.failed) throw new Error(headline(drawn, false));
  task.title = headline(drawn, false);
}

/** As wide as the terminal is now: it may have been resized. */
function headline({ view, pen, screen }: Drawn, running: boolean): string {
  return view.headline(pen, running, (screen.columns ?? 80) - MARGIN);
}

/** listr2 replaces `write` while it draws, so it gets a stand-in and the real stream keeps its own. */
function stream(screen: Screen): NodeJS.WriteStream {
  const standIn = {
    write: (text: string) => screen.write(text) !== false,
    get columns() {
      return screen.columns ?? 80;
    },
    get rows() {
      return screen.rows ?? 24;
    },
  };
  // It uses nothing else of a stream.
  return standIn as unknown as NodeJS.WriteStream;
}
