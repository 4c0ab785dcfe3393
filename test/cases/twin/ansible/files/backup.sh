#!/bin/sh
tar -C /etc -cf /var/lib/twin/etc.tar twin
