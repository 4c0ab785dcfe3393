#!/bin/sh
# sbatch slurm.sh: eight tasks, each for its part of the hosts. The working directory is on a file system that all nodes share.
#SBATCH --job-name=xrun-site
#SBATCH --array=1-8
#SBATCH --output=reports/%a.log
#SBATCH --requeue
#
# When all have ended, whether they failed or not:
#   sbatch --dependency=afterany:JOB --wrap 'xrun merge-reports reports --junit junit.xml --report report.html'
# A part alone: sbatch --array=3 does not say how many there are, so its shard is named: SHARD=3/8 sbatch --array=3 slurm.sh
set -eu
XRUN_STATE_DIR=reports/state
export XRUN_STATE_DIR
exec xrun site.yml -i inventory/prod.yml --shard "${SHARD:-auto}" --jsonl "reports/$SLURM_ARRAY_TASK_ID.jsonl"
