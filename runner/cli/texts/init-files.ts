/** The files of a new project, by their paths in it. Everything in it works on the machine that xrun runs on. */
export const INIT_FILES: Readonly<Record<string, string>> = {
  'xrun.config.yml': `# What commands use when they are given no -i. Every option of xrun can be a key of it:
# \`xrun config --explain\` shows them, with their values.
inventory: inventory/hosts.yml
`,
  'inventory/hosts.yml': `# Hosts and their groups. \`xrun inventory\` lists them, \`xrun vars HOST\` shows the variables of one.
all:
  children:
    web:
      hosts:
        # This machine, without SSH. Replace it with your own hosts, for example:
        # web1.example.org: {xrun_user: admin}
        localhost:
          xrun_connection: local
          greeting_path: "{{playbook_dir}}/greeting.txt"
`,
  'inventory/group_vars/all.yml': `# Variables of all hosts.
greeting: Hello
`,
  'site.yml': `# xrun site.yml --check --diff    shows what would change
# xrun site.yml                   changes it; a second run changes nothing
- name: Set up the web servers
  hosts: web
  roles:
    - greeting
`,
  'roles/greeting/defaults/main.yml': `# Variables of the role, with the values that they have unless somebody sets them.
greeting_path: /etc/greeting
`,
  'roles/greeting/tasks/main.yml': `- name: Write the greeting
  template:
    src: greeting.hbs
    dest: "{{greeting_path}}"
    mode: "0644"
`,
  'roles/greeting/templates/greeting.hbs': `{{greeting}} from {{inventory_hostname}}, which runs {{facts.os.name}} {{facts.os.version}}.
`,
  '.gitignore': `# State of runs, and what must not be shared.
.xrun/
.vault-password
greeting.txt
node_modules/
`,
  '.github/workflows/xrun.yml': `# Checks the playbooks of each change. Hosts are not touched.
name: xrun
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install --global xrun
      - run: xrun validate site.yml
      # The inventory has only the machine that this job runs on: remove the line when it has your hosts.
      - run: xrun site.yml --check --diff
`,
};
