double cube(double z)
{
    return z * z * z;
}
