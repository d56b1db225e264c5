# Reads feeds with Perl's XML::Feed (RSS, Atom): one line of JSON for each file named, in their order.
use strict;
use warnings;
use HTML::Entities qw(decode_entities);
use JSON::PP;
use XML::Feed;

# As characters, not bytes, whatever they are; and every enclosure, not only the last.
$XML::Atom::ForceUnicode = 1;
$XML::Feed::MULTIPLE_ENCLOSURES = 1;

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub instant { my $time = shift; $time && $time->clone->set_time_zone('UTC')->strftime('%Y-%m-%dT%H:%M:%SZ') }
sub list { my $value = shift; ref $value eq 'ARRAY' ? $value : defined $value ? [$value] : [] }

# A text of Atom as a person reads it. XML::Feed hides whether it is HTML; the element below it tells.
sub plain {
  my ($parent, $name, $text) = @_;
  my ($element) = $parent->elem->getChildrenByTagNameNS('http://www.w3.org/2005/Atom', $name);
  my $type = $element && $element->getAttribute('type') // 'text';
  return $type eq 'html' ? decode_entities($text) : $text;
}

sub item {
  my ($entry, $is_rss) = @_;
  my $summary = $entry->summary->body;
  return {
    id => $entry->id,
    url => $entry->link,
    title => $is_rss ? $entry->title : plain($entry->unwrap, 'title', $entry->title),
    published => instant($entry->issued),
    updated => instant($entry->modified),
    # Of several Atom authors it names the first; of several dc:creator all.
    $is_rss ? (authors => list($entry->author)) : (author => $entry->author),
    categories => [$entry->category],
    summary => !defined $summary ? undef : $is_rss ? decode_entities($summary) : plain($entry->unwrap, 'summary', $summary),
    content_html => $entry->content->body,
    enclosures => [map { { url => $_->{url}, type => $_->{type}, length => ($_->{length} || 0) + 0 } } $entry->enclosure],
  };
}

for my $path (@ARGV) {
  my $feed = XML::Feed->parse($path) or die "$path: " . XML::Feed->errstr . "\n";
  my $is_rss = $feed->format =~ /^RSS/;
  my $title = $is_rss ? $feed->title : plain($feed->{atom}, 'title', $feed->title);
  print $json->encode({ title => $title, items => [map { item($_, $is_rss) } $feed->entries] }), "\n";
}
