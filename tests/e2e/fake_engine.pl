#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# An engine that answers badly. usage: fake_engine.pl SOCKET MODE; ends with its first signal. Needs perl-base only.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $mode) = @ARGV;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 64) or die "$path: $!";

sub answer {
    my ($client, $body, $length) = @_;
    $length //= length $body;
    print $client "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nApi-Version: 1.41\r\nContent-Length: $length\r\n\r\n$body";
}

my %info = ('_ping' => 'OK', 'version' => '{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"}',
    'info' => '{"ID":"FAKE","Name":"fake","ServerVersion":"20.10.24","Containers":1,"Swarm":{"LocalNodeState":"inactive"},"SecurityOptions":["name=seccomp,profile=default"]}');

sub serve {
    my ($client, $what) = @_;
    if ($mode eq 'silent') { sleep 300; }
    elsif ($mode eq 'closes') { return; }
    elsif ($mode eq 'garbage') { answer($client, 'this is not JSON'); }
    elsif ($mode eq 'cut') { answer($client, '{"Version":"20.1', 5000); $client->close; }
    elsif ($mode eq 'deep') { answer($client, ('[' x 200000) . (']' x 200000)); }
    elsif ($mode eq 'bytes') { answer($client, "{\"Version\":\"\xff\xfe\xc0\x80\",\"ApiVersion\":\"\xf8\x88\"}"); }
    elsif ($mode eq 'huge') {
        print $client "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        my $chunk = sprintf("%x\r\n", 1 << 20) . ('[' . ' ' x ((1 << 20) - 1)) . "\r\n";
        for (1 .. 220) { print $client $chunk or last; }
    }
    # Says who it is, then gives half of every list.
    elsif (exists $info{$what}) { answer($client, $info{$what}); return 1; }
    else { answer($client, '[{"Id":"0123456789abcdef', 3000); $client->close; }
    return 0;
}

while (my $client = $server->accept) {
    next if fork;
    while (defined(my $request = <$client>)) {
        my ($what) = $request =~ m{^[A-Z]+ (?:/v[0-9.]+)?/(\w+)};
        while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/; }
        last unless serve($client, $what // '');
    }
    exit 0;
}
