"""Renders the templates below a directory by Ansible, with the variables of their roles; prints a line of JSON for each."""

import glob
import json
import os
import re
import sys

import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, generate_ansible_template_vars

FACTS = {
    "ansible_os_family": "Debian",
    "ansible_distribution": "Debian",
    "ansible_distribution_release": "bookworm",
    "ansible_distribution_version": "12",
    "ansible_distribution_major_version": "12",
    "ansible_hostname": "node1",
    "ansible_fqdn": "node1.example.org",
    "ansible_architecture": "x86_64",
    "ansible_system": "Linux",
    "ansible_processor_vcpus": 2,
    "ansible_memtotal_mb": 2048,
    "ansible_default_ipv4": {"address": "10.0.0.1", "interface": "eth0"},
    "inventory_hostname": "node1",
    "inventory_hostname_short": "node1",
    "group_names": ["web"],
    "groups": {"all": ["node1"], "web": ["node1"]},
    "ansible_managed": "Ansible managed",
}


def role_of(path):
    folder = os.path.dirname(path)
    while os.path.basename(folder) != "templates" and len(folder) > 1:
        folder = os.path.dirname(folder)
    return os.path.dirname(folder)


def variables_of(role, known={}):
    if role not in known:
        found = {}
        for name in ("defaults/main.yml", "defaults/main/*.yml", "vars/main.yml", "vars/Debian.yml"):
            for path in sorted(glob.glob(os.path.join(role, name))):
                found.update(load(path))
        known[role] = {**found, **FACTS}
        known[role]["hostvars"] = {"node1": dict(FACTS)}
        known[role] = resolved(known[role])
    return known[role]


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            values = yaml.safe_load(file)
        return values if isinstance(values, dict) else {}
    except (yaml.YAMLError, OSError, ValueError):
        return {}


def resolved(variables):
    templar = Templar(loader=DataLoader(), variables=variables)
    found = {}
    for name, value in variables.items():
        try:
            plain = templar.template(value)
            found[name] = json.loads(json.dumps(plain))
        except Exception:  # what cannot be known here is given as a missing variable is
            continue
    return found


def rendered(path, text, variables):
    """The text that Ansible makes; variables that nothing gives get a text as their value."""
    variables = dict(variables)
    loader = DataLoader()
    loader.set_basedir(os.path.dirname(path))
    for _ in range(40):
        given = {**variables, "ansible_search_path": [os.path.dirname(path)]}
        templar = Templar(loader=loader, variables=given)
        templar.environment.loader.searchpath = [os.path.dirname(path)]
        try:
            return templar.template(text, preserve_trailing_newlines=True, convert_data=False, escape_backslashes=False), variables
        except AnsibleError as error:
            name = re.search(r"'(\w+)' is undefined", str(error))
            if not name or name.group(1) in variables:
                raise
            variables[name.group(1)] = "value_" + name.group(1)
    raise AnsibleError("too many variables are missing")


def main():
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "**", "*.j2"), recursive=True)):
        if not os.path.isfile(path):
            continue
        answer = {"path": path}
        try:
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
            answer["source"] = text
            answer["text"], answer["variables"] = rendered(path, text, variables_of(role_of(path)))
        except Exception as error:  # any failure of Ansible's is the answer
            answer["error"] = str(error)[:300]
        print(json.dumps(answer), flush=True)


main()
