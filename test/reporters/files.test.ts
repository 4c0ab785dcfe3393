import { expect, test } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { HtmlReporter } from '../../runner/reporters/html/html.ts';
import { JunitReporter } from '../../runner/reporters/junit.ts';
import { build } from './events.ts';
import { shown } from './shown.ts';

test('JUnit: a suite a host, a case a task', async () => {
  const text = await shown((out) => new JunitReporter(out));
  expect(text.replace(/timestamp="[^"]+"/g, 'timestamp="T"')).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="xrun" tests="6" failures="1" errors="1" skipped="0">
      <testsuite name="n1" timestamp="T" time="0.024" tests="3" failures="0" errors="0" skipped="0">
        <testcase name="Install docker" classname="n1.Web" time="0.012" file="site.yml" line="5"/>
        <testcase name="Build" classname="n1.Web" time="0.008" file="site.yml" line="9">
          <system-out><![CDATA[changed]]></system-out>
        </testcase>
        <testcase name="Restart docker" classname="n1.Web" time="0.004" file="site.yml" line="20">
          <system-out><![CDATA[ignored:
    unit not found]]></system-out>
        </testcase>
      </testsuite>
      <testsuite name="n2" timestamp="T" time="3.3" tests="2" failures="1" errors="0" skipped="0">
        <testcase name="Install docker" classname="n2.Web" time="2.4" file="site.yml" line="5">
          <system-out><![CDATA[changed]]></system-out>
        </testcase>
        <testcase name="Build" classname="n2.Web" time="0.9" file="site.yml" line="9">
          <failure message="the command failed (exit status 2)" type="E_TASK"><![CDATA[the command failed (exit status 2)
    stderr:
      oh no
      <b>bold</b>]]></failure>
        </testcase>
      </testsuite>
      <testsuite name="n3" timestamp="T" time="5" tests="1" failures="0" errors="1" skipped="0">
        <testcase name="Install docker" classname="n3.Web" time="5" file="site.yml" line="5">
          <error message="no answer from 10.0.0.3:22 in 5 s" type="E_UNREACHABLE"><![CDATA[no answer from 10.0.0.3:22 in 5 s
    hint: is the host up?]]></error>
        </testcase>
      </testsuite>
    </testsuites>"
  `);
});

test('JUnit: each test has a name of its own', async () => {
  const task = (id: string): Event => ({ type: 'task_end', ...build, id, host: 'h', status: 'ok', duration_ms: 1 });
  const play: Event = { type: 'play_start', play: 'p', at: build.at, hosts: ['h'] };
  const text = await shown((out) => new JunitReporter(out), [play, task('a'), task('b'), play, task('a')]);
  expect([...text.matchAll(/testcase name="([^"]*)"/g)].map(([, name]) => name)).toEqual([
    'Build',
    'Build (2)',
    'Build (3)',
  ]);
});

test('JUnit stays XML whatever a host prints', async () => {
  const stderr = 'a\u0000\u0008\u001b[1m ]]> <x/> & "q"';
  const run: Event[] = [
    { type: 'play_start', play: 'p', at: build.at, hosts: ['h'] },
    {
      type: 'task_end',
      ...build,
      host: 'h',
      status: 'failed',
      duration_ms: 1,
      error: { code: 'E', message: 'm', stderr },
    },
  ];
  const text = await shown((out) => new JunitReporter(out), run);
  // eslint-disable-next-line no-control-regex -- what XML forbids
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  expect(text).toContain('a ]]]]><![CDATA[> <x/> & "q"');
});

test('the page holds everything, escaped, and needs nothing else', async () => {
  const page = await shown((out) => new HtmlReporter(out, { frame: () => '10 | <shell>' }));
  expect(page.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
  for (const told of [
    'failed on 2 hosts',
    'no answer from 10.0.0.3:22',
    'tcp: checksum differs',
    '1 of 2 paths work',
    '10 | &#60;shell&#62;',
  ])
    expect(page).toContain(told);
  expect(page).toContain('<span class="add">+  &#34;mtu&#34;: 1450</span>');
  expect(page).toContain('&#60;b&#62;bold&#60;/b&#62;');
  expect(page).not.toMatch(/<b>|<script|(src|href)="/);
});

test('the page is well-formed: every element is closed', async () => {
  const page = await shown((out) => new HtmlReporter(out));
  const open: string[] = [];
  for (const [, slash, name] of page
    .replace(/<style>.*?<\/style>|<!DOCTYPE html>/gs, '')
    .matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
    if (slash) expect(open.pop()).toBe(name);
    else if (name && name !== 'meta') open.push(name);
  }
  expect(open).toEqual([]);
});

test('a run that did not end says so', async () => {
  expect(await shown((out) => new HtmlReporter(out), [])).toContain('did not end');
});
