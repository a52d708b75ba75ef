set terminal svg noenhanced size 800,500 font 'Helvetica,Arial,sans-serif,13' background '#ffffff'
set encoding utf8
set output 'fit.svg'
set title 'Fit of y'
set datafile missing 'NaN'
set tics nomirror
set key outside top center horizontal samplen 2
set border 3 linecolor rgb '#8a94a3'
set tics textcolor rgb '#3c4654'
set grid linecolor rgb '#e3e7ec' linetype 1
set xlabel 'x (m)'
set xrange [0:4]
set ylabel 'y'
set logscale y
set format y '%.0e'
$series0 << EOD
0 1.5

2 2.25
3 1e-07
EOD
$series1 << EOD
0 1
3 2
EOD
$series2 << EOD
0 1
3 1
EOD
plot $series0 using 1:2 with points pointtype 7 pointsize 0.9 linecolor rgb '#a02b6cb0' title 'data', \
     $series1 using 1:2 with lines linewidth 1.8 linecolor rgb '#d1662a' title 'fit', \
     $series2 using 1:2 with lines linewidth 1.2 dashtype '-' linecolor rgb '#5b6675' title 'ideal'
