#!/usr/bin/env node
// For a clone; the package's command is the file that this imports.
import './xrun.cjs';
