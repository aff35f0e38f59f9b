#!version:1.0.0.1
include:config "805ec0123456.cfg"
