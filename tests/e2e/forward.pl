#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Passes what comes to one unix socket on to another. usage: forward.pl SOCKET TARGET. Needs perl-base only.
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;

my ($path, $target) = @ARGV;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 64) or die "$path: $!";
while (my $near = $server->accept) {
    next if fork;
    my $far = IO::Socket::UNIX->new(Peer => $target) or exit 1;
    my $open = IO::Select->new($near, $far);
    while (my @ready = $open->can_read) {
        for my $from (@ready) {
            my $count = sysread $from, my $bytes, 65536;
            exit 0 unless $count;
            my $to = $from == $near ? $far : $near;
            while (length $bytes) { my $done = syswrite($to, $bytes) // exit 0; substr($bytes, 0, $done) = ''; }
        }
    }
    exit 0;
}
