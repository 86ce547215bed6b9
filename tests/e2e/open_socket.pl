#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Opens a socket and hands it to a program, as systemd does (sd_listen_fds(3)): the socket's peer is then this process.
# usage: open_socket.pl SOCKET FILE_FOR_CHILD_ID FILE_FOR_OWN_ID PROGRAM [ARGUMENTS]. Needs perl-base only.
use strict;
use warnings;
use IO::Socket::UNIX;
use POSIX ();

my ($path, $child_file, $own_file, @command) = @ARGV;
$^F = 3;    # what is opened as descriptor 3 stays open in the child
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 64) or die "$path: $!";
sub note { my ($file, $id) = @_; open my $out, '>', $file or die "$file: $!"; print $out "$id\n"; close $out; }
note($own_file, $$);
my $child = fork // die "fork: $!";
if ($child == 0) {
    my $from = fileno $server;
    if ($from != 3) { POSIX::dup2($from, 3) // die "dup2: $!"; POSIX::close($from); }
    @ENV{qw(LISTEN_FDS LISTEN_PID)} = (1, $$);
    exec @command or die "$command[0]: $!";
}
note($child_file, $child);
close $server;
waitpid $child, 0;
